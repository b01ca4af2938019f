// @ts-check
import { prepare } from './prepare.mjs'
import { findNode, handOver } from './programs.mjs'
import { runCommand } from './say.mjs'

await runCommand(async () => {
  await prepare({ withBrowser: true })
  await handOver(findNode(), ['test/bench/main.ts', ...process.argv.slice(2)])
})
