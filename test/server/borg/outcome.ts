import type { Command } from '../../../server/process/command.ts'
import { run } from '../../../server/process/run.ts'

export interface Outcome<Event> {
  readonly events: readonly Event[]
  readonly exitCode: number | null
}

/** Runs a command to its end with the real program, and gives all that it said. */
export const outcomeOf = async <Event>(command: Command<Event>): Promise<Outcome<Event>> => {
  const events: Event[] = []
  for await (const event of run(command, { environment: { PATH: process.env.PATH ?? '' } })) {
    if (event.type === 'events') events.push(...event.events)
    if (event.type === 'exit') return { events, exitCode: event.exitCode }
  }
  throw new Error('There was no end.')
}
