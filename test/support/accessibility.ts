import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const options: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}

/** Where a page breaks WCAG 2.2 AA or good practice, such as content outside all landmarks, as far as axe can tell, in both themes. */
export const findBarriers = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe)
  const barriers: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations } = (await page.evaluate(`axe.run(${JSON.stringify(options)})`)) as AxeResults
    for (const { id, nodes } of violations) barriers.push(`${colorScheme}: ${id} at ${nodes[0]?.html.slice(0, 200)}`)
  }
  return barriers
}
