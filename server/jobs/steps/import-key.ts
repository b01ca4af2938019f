import { keyImport } from '../../borg/key-import.ts'
import { resultOf, type Step } from '../step.ts'

/** Puts the key of an imported repository where borg looks for it. */
export const importKey: Step = async ({ borg, openKey, runBorg }) => resultOf(await runBorg(keyImport(borg, openKey())))
