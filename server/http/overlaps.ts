import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql'

/** Pairs of fields with one name in one place, and fields with all that fragments bring along. */
const most = { pairs: 2_000, fields: 5_000 }

/** What is asked for under one name in one place. */
interface Place {
  count: number
  readonly places: Map<string, Place>
}

/**
 * Whether a document asks for the same so often that it cannot be checked quickly: validation compares every two fields
 * that have one name in one place.
 */
export const hasManyOverlaps = ({ definitions }: DocumentNode): boolean => {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const spread = new Set<string>()
  let [pairs, fields] = [0, 0]

  /** Goes through what is selected in a place; false as soon as it is too much. */
  const look = ({ selections }: SelectionSetNode, { places }: Place): boolean =>
    selections.every((selection) => {
      if (++fields > most.fields) return false
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value)
        // Validation refuses those that are unknown and those that go in a circle.
        if (!fragment || spread.has(selection.name.value)) return true
        spread.add(selection.name.value)
        const isQuick = look(fragment.selectionSet, { count: 0, places })
        spread.delete(selection.name.value)
        return isQuick
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) return look(selection.selectionSet, { count: 0, places })
      const name = (selection.alias ?? selection.name).value
      const place = places.get(name) ?? { count: 0, places: new Map() }
      places.set(name, place)
      pairs += place.count++
      if (pairs > most.pairs) return false
      return !selection.selectionSet || look(selection.selectionSet, place)
    })

  return !definitions.every(
    (definition) => !('selectionSet' in definition) || look(definition.selectionSet, { count: 0, places: new Map() }),
  )
}
