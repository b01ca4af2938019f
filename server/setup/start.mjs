// @ts-check
import module from 'node:module'
import { prepare } from './prepare.mjs'
import { canRunServer, compileCache, findNode, handOver, memory } from './programs.mjs'
import { runCommand } from './say.mjs'

await runCommand(async () => {
  await prepare()
  if (!canRunServer(process.versions.node)) return handOver(findNode(), [...memory.flags, 'server/main.ts'])
  module.enableCompileCache(compileCache)
  await import('../main.ts')
})
