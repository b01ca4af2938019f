/**
 * What turns the direction of the text around it, or shows nothing at all: with them a name looks empty, or like another
 * one. The joiners, the choice of a glyph and the tags of flags stay: scripts and emoji are written with them.
 */
const deceiving =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]|(?![\p{Join_Control}\p{Variation_Selector}\u{e0020}-\u{e007f}])[\p{Cf}\p{Default_Ignorable_Code_Point}]/u

/** What shows nothing: blanks, the blank of braille, and what is to be ignored. */
const unseen = /[\s\u2800\p{Default_Ignorable_Code_Point}]/gu

/** Why people cannot tell a name by what they see of it, as the end of a sentence; null where they can. */
export const hiddenProblem = (text: string): string | null => {
  if (!text.isWellFormed()) return 'must be Unicode text'
  if (deceiving.test(text)) return 'must not contain line breaks, control characters or invisible characters'
  return text.replace(unseen, '') === '' ? 'has nothing that can be seen' : null
}
