/**
 * `npm run bench` — measures what the project promises about speed and memory, on the machine that it runs on.
 *
 *     npm run bench                      every area
 *     npm run bench -- main              one area
 *     npm run --silent bench -- --json   one JSON object a line and figure, and nothing else on standard output
 *
 * Ends with status 1 where a figure falls short or could not be measured. What is compared is measured side by side in
 * one run; still, whatever else the machine does in the meantime shows in the figures. Takes about fourteen minutes and
 * 4 GB of the temporary folder (`TMPDIR`), of which nothing is left afterwards.
 *
 * An area is a file in `areas/` that lists its measurements; a measurement is a function in a file of its own that
 * gives figures. To add one: write it, and add it to the list of its area.
 */
import { areas } from './areas.ts'
import { type Bench, openBench } from './bench.ts'
import { describeFailure } from './failure.ts'
import { holds, type MeasuredFigure } from './figure.ts'
import { printJson, printTable } from './print.ts'

const stopWith = (status: number, message: string): never => {
  process.stderr.write(`${message}\n`)
  process.exit(status)
}

const readArguments = () => {
  const [asked, ...more] = process.argv.slice(2).filter((argument) => argument !== '--json')
  if (asked !== undefined && !(asked in areas)) {
    stopWith(2, `There is no area ${asked}. There are: ${Object.keys(areas).join(', ')}.`)
  }
  if (more.length > 0) stopWith(2, 'One area at a time, or none for all: npm run bench -- [area] [--json]')
  return { wanted: asked === undefined ? Object.keys(areas) : [asked], isJson: process.argv.includes('--json') }
}

const { wanted, isJson } = readArguments()
const figures: MeasuredFigure[] = []
let isComplete = true
let bench: Bench | undefined

let stopping: Promise<never> | undefined
const stop = async (status: number): Promise<never> => {
  await bench?.close()
  process.exit(status)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    stopping ??= stop(130)
  })
}
process.once('uncaughtException', (error: unknown) => {
  process.stderr.write(`${describeFailure(error)}\n`)
  stopping ??= stop(1)
})

for (const area of wanted) {
  for (const measure of areas[area] ?? []) {
    await stopping
    bench = openBench()
    try {
      for (const figure of await measure(bench)) {
        figures.push({ area, ...figure })
        if (isJson) printJson({ area, ...figure })
      }
    } catch (error) {
      // What is taken away under a measurement makes it fail.
      await stopping
      isComplete = false
      process.stderr.write(
        `${measure.name} could not be measured: ${describeFailure(error)}\n${bench.describeServers()}\n`,
      )
    } finally {
      await bench.close()
    }
  }
}

if (!isJson) printTable(figures)
process.exit(isComplete && figures.every(holds) ? 0 : 1)
