/** Someone with several places chooses one, unless one of them is where they always start; a single one is no choice. */
export function placeToStartFrom(activityIds: string[], defaultActivityId: string | null): string | null {
  if (activityIds.length === 1) return activityIds[0]!
  // A place that is no longer asserted is nowhere to start from.
  return defaultActivityId && activityIds.includes(defaultActivityId) ? defaultActivityId : null
}
