import { PlansDocument } from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'

/** So many plans are shown with their repository; the list of plans shows all. */
export const firstPlans = 5

/** Reads the first plans whose archives go into a repository. */
export const createFirstPlans = (repositoryId: () => string, pause: () => boolean) => {
  const [result, retry] = createLiveQuery({
    query: PlansDocument,
    variables: () => ({ repositoryId: repositoryId(), first: firstPlans }),
    pause,
  })
  return { result, retry }
}
