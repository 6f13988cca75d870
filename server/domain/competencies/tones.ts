/** How well what is required is met; each has its colour, and stands beside the figures, never for them. */
export const tones = ['none', 'low', 'middle', 'high'] as const
export type Tone = (typeof tones)[number]

/** Of a group: four in five is well, half is middling. Pure. */
export function toneOfShare(reached: number, people: number): Tone {
  if (people === 0) return 'none'
  const share = reached / people
  return share >= 0.8 ? 'high' : share >= 0.5 ? 'middle' : 'low'
}

/** Of one person, by the levels to go. Pure. */
export function toneOfGap(gap: number | undefined): Tone {
  if (gap === undefined) return 'none'
  return gap <= 0 ? 'high' : gap === 1 ? 'middle' : 'low'
}
