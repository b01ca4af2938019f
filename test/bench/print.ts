import { cpus, totalmem } from 'node:os'
import { holds, type MeasuredFigure } from './figure.ts'

/** Enough digits to see whether a target is missed narrowly. */
const show = (value: number) =>
  String(value >= 1000 ? Math.round(value) : Number(value.toPrecision(value < 10 ? 3 : 4)))

/** One line a figure, for programs. */
export const printJson = (figure: MeasuredFigure): void => {
  const { area, name, value, unit, target } = figure
  process.stdout.write(`${JSON.stringify({ area, name, value, unit, target, holds: holds(figure) })}\n`)
}

/** A table in Markdown, that can be read as it is, under a line that says when and where it was measured. */
export const printTable = (figures: readonly MeasuredFigure[]): void => {
  const rows = figures.map((figure) => [
    figure.area,
    figure.name,
    `${show(figure.value)} ${figure.unit}`.trim(),
    `${figure.isAtLeast ? '≥' : '≤'} ${show(figure.target)} ${figure.unit}`.trim(),
    holds(figure) ? 'yes' : 'NO',
  ])
  const all = [['area', 'what', 'measured', 'target', 'holds'], ...rows]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = all
  const [cpu] = cpus()
  const machine = `${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 1024 ** 3)} GB, Node ${process.version}`
  const table = [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)]
  process.stdout.write(`\n${new Date().toISOString().slice(0, 10)}, ${machine}\n\n${table.join('\n')}\n`)
}
