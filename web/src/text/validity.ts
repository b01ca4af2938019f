/** What the browser knows of a control; tests hand over just that. */
export interface Control {
  readonly tagName: string
  readonly type?: string
  readonly min?: string
  readonly max?: string
  readonly validity?: Pick<
    ValidityState,
    'badInput' | 'valueMissing' | 'rangeUnderflow' | 'rangeOverflow' | 'stepMismatch' | 'valid'
  >
}

/** Why a control's own rules refuse its value, in our words rather than the browser's; undefined where they do not. */
export const sayInvalid = ({ tagName, type, min, max, validity }: Control): string | undefined => {
  if (!validity || validity.valid) return undefined
  if (validity.badInput) return type === 'number' ? 'This is not a number.' : 'This is not complete.'
  if (validity.valueMissing) return tagName === 'SELECT' ? 'Choose one.' : 'Fill this in.'
  if (validity.rangeUnderflow || validity.rangeOverflow) {
    if (min && max) return `From ${min} to ${max}.`
    return validity.rangeUnderflow ? `At least ${min}.` : `At most ${max}.`
  }
  if (validity.stepMismatch) return 'Only whole numbers.'
  return 'This cannot be taken.'
}
