import { For, Show } from 'solid-js'
import type { CompressionAlgorithm, CompressionInput } from '../api/gql/graphql.ts'
import { fitCompression, sayCompression } from '../text/compression.ts'
import { compressions, obfuscations } from '../text/words.ts'
import { Checkbox } from './checkbox.tsx'
import { Select, TextField } from './field.tsx'

const algorithms = Object.keys(compressions) as CompressionAlgorithm[]

/** How archives are compressed. Sizes are hidden in encrypted repositories only. */
export const CompressionFields = (props: {
  value: CompressionInput
  onChange: (value: CompressionInput) => void
  isEncrypted?: boolean
  levelProblem?: string
  obfuscationProblem?: string
}) => {
  const levels = () => compressions[props.value.algorithm].levels
  const change = (wanted: Partial<CompressionInput>) => props.onChange(fitCompression({ ...props.value, ...wanted }))
  return (
    <>
      <div class="grid items-start gap-3 sm:grid-cols-[2fr_1fr]">
        <Select
          label="Algorithm"
          value={props.value.algorithm}
          onChange={(event) => change({ algorithm: event.currentTarget.value as CompressionAlgorithm, level: null })}
        >
          <For each={algorithms}>
            {(algorithm) => (
              <option value={algorithm} selected={algorithm === props.value.algorithm}>
                {compressions[algorithm].word}
              </option>
            )}
          </For>
        </Select>
        <Show when={levels()}>
          {(range) => (
            <TextField
              label="Level"
              type="number"
              required
              min={range().lowest}
              max={range().highest}
              value={props.value.level ?? range().usual}
              onChange={(event) => {
                change({ level: event.currentTarget.valueAsNumber })
                // The field may hold what was not taken.
                event.currentTarget.value = String(props.value.level ?? range().usual)
              }}
              hint={`${range().lowest} (fastest) to ${range().highest} (smallest)`}
              problem={props.levelProblem}
            />
          )}
        </Show>
      </div>
      <Show when={props.value.algorithm !== 'NONE'}>
        <Checkbox
          label="Skip files that do not compress well"
          isChecked={props.value.isAuto ?? false}
          onChange={(isAuto) => change({ isAuto })}
        />
      </Show>
      <Show when={props.isEncrypted || props.value.obfuscation || props.obfuscationProblem}>
        <Select
          label="Hide sizes"
          onChange={(event) => change({ obfuscation: Number(event.currentTarget.value) || null })}
          hint="Keeps others from guessing files by their sizes. The repository grows by the padding."
          problem={props.obfuscationProblem}
        >
          <option value="" selected={!props.value.obfuscation}>
            No
          </option>
          <For each={obfuscations}>
            {({ value, word }) => (
              <option value={value} selected={value === props.value.obfuscation}>
                {word}
              </option>
            )}
          </For>
        </Select>
      </Show>
      <p class="text-[13px] text-muted">
        Borg calls this <code class="font-mono">{sayCompression(props.value)}</code>.
      </p>
    </>
  )
}
