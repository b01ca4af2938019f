/** Addresses of the pages. Ids are opaque, so they are encoded. */
export const paths = {
  overview: '/',
  repositories: '/repositories',
  createRepository: '/repositories/new',
  importRepository: '/repositories/import',
  repository: (id: string) => `/repositories/${encodeURIComponent(id)}`,
  repositoryJobs: (id: string) => `/repositories/${encodeURIComponent(id)}/jobs`,
  repositorySettings: (id: string) => `/repositories/${encodeURIComponent(id)}/settings`,
  backup: (id: string) => `/repositories/${encodeURIComponent(id)}/backup`,
  schedules: '/schedules',
  schedulesCalendar: '/schedules/calendar',
  createSchedule: (of: { plan?: string; repository?: string } = {}) => {
    const search = new URLSearchParams(of).toString()
    return search ? `/schedules/new?${search}` : '/schedules/new'
  },
  schedule: (id: string) => `/schedules/${encodeURIComponent(id)}`,
  editSchedule: (id: string) => `/schedules/${encodeURIComponent(id)}/edit`,
  plans: '/plans',
  plansOf: (repositoryId: string) => `/plans?repository=${encodeURIComponent(repositoryId)}`,
  createPlan: (repositoryId?: string) =>
    repositoryId ? `/plans/new?repository=${encodeURIComponent(repositoryId)}` : '/plans/new',
  plan: (id: string) => `/plans/${encodeURIComponent(id)}`,
  planJobs: (id: string) => `/plans/${encodeURIComponent(id)}/jobs`,
  editPlan: (id: string) => `/plans/${encodeURIComponent(id)}/edit`,
  jobs: '/jobs',
  jobsOf: (of: { repository?: string; plan?: string; schedule?: string; state?: string }) =>
    `/jobs?${new URLSearchParams(of).toString()}`,
  job: (id: string) => `/jobs/${encodeURIComponent(id)}`,
  system: '/system',
  queue: '/system/queue',
  history: '/system/history',
  people: '/system/people',
  account: '/system/account',
  signIn: '/sign-in',
  setUp: '/set-up',
}

/** The sign-in page, which leads back to where the person is now. */
export const signInFrom = (location: { pathname: string; search: string }) => {
  const here = location.pathname + location.search
  return here === '/' ? paths.signIn : `${paths.signIn}?to=${encodeURIComponent(here)}`
}

/** `to` where it is a page of this site, else the overview: a link must not lead people elsewhere after sign-in. */
export const returnPath = (to: string | undefined, origin: string) => {
  if (!to) return paths.overview
  const url = URL.parse(to, origin)
  if (!url || url.origin !== origin || url.pathname === paths.signIn || url.pathname === paths.setUp)
    return paths.overview
  return url.pathname + url.search
}
