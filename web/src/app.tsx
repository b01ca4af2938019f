import { Navigate, Route, Router, type RouteSectionProps, useLocation } from '@solidjs/router'
import { Provider } from '@urql/solid'
import { createComputed, lazy, Match, Suspense, Switch } from 'solid-js'
import { client } from './api/client.ts'
import { SessionDocument } from './api/gql/graphql.ts'
import { createLastingQuery } from './api/live-query.ts'
import { setViewer } from './api/rights.ts'
import { Failure, Skeleton } from './parts/loading.tsx'
import { Shell } from './parts/shell.tsx'
import { paths, signInFrom } from './paths.ts'

const Acting = lazy(() => import('./pages/acting.tsx'))
const Overview = lazy(() => import('./pages/overview/overview.tsx'))
const Repositories = lazy(() => import('./pages/repositories/repositories.tsx'))
const CreateRepository = lazy(() => import('./pages/repositories/create-repository.tsx'))
const ImportRepository = lazy(() => import('./pages/repositories/import-repository.tsx'))
const Repository = lazy(() => import('./pages/repositories/repository.tsx'))
const Backup = lazy(() => import('./pages/repositories/backup.tsx'))
const Schedules = lazy(() => import('./pages/schedules/schedules.tsx'))
const SchedulesCalendar = lazy(() => import('./pages/schedules/calendar-page.tsx'))
const CreateSchedule = lazy(() => import('./pages/schedules/create-schedule.tsx'))
const EditSchedule = lazy(() => import('./pages/schedules/edit-schedule.tsx'))
const Schedule = lazy(() => import('./pages/schedules/schedule.tsx'))
const Plans = lazy(() => import('./pages/plans/plans.tsx'))
const CreatePlan = lazy(() => import('./pages/plans/create-plan.tsx'))
const EditPlan = lazy(() => import('./pages/plans/edit-plan.tsx'))
const Plan = lazy(() => import('./pages/plans/plan.tsx'))
const Jobs = lazy(() => import('./pages/jobs/jobs.tsx'))
const Job = lazy(() => import('./pages/jobs/job.tsx'))
const System = lazy(() => import('./pages/system/system.tsx'))
const SignIn = lazy(() => import('./pages/session/sign-in.tsx'))
const SetUp = lazy(() => import('./pages/session/set-up.tsx'))
const NotFound = lazy(() => import('./pages/not-found.tsx'))

/** Pages that need a signed-in person; anyone else is led to the page that comes first. */
const SignedIn = (props: RouteSectionProps) => {
  const place = useLocation()
  const [session, retry] = createLastingQuery({ query: SessionDocument })
  createComputed(() => setViewer(session.data?.me))
  return (
    <Switch
      fallback={
        <main class="mx-auto max-w-6xl p-6">
          <h1 class="sr-only">Borgitory</h1>
          <Skeleton />
        </main>
      }
    >
      <Match when={session.data?.me}>{(me) => <Shell username={me().username}>{props.children}</Shell>}</Match>
      <Match when={session.data && !session.data.isSetUp}>
        <Navigate href={paths.setUp} />
      </Match>
      <Match when={session.data}>
        <Navigate href={signInFrom(place)} />
      </Match>
      <Match when={session.error}>
        {(error) => (
          <main class="mx-auto max-w-lg p-6">
            <Failure error={error()} retry={retry} />
          </main>
        )}
      </Match>
    </Switch>
  )
}

export const App = () => (
  <Provider value={client}>
    <Router root={(props) => <Suspense>{props.children}</Suspense>}>
      <Route path={paths.signIn} component={SignIn} />
      <Route path={paths.setUp} component={SetUp} />
      <Route component={SignedIn}>
        <Route path="/" component={Overview} />
        <Route path="/repositories" component={Repositories} />
        <Route path="/repositories/:id/:tab?" matchFilters={{ tab: ['jobs', 'settings'] }} component={Repository} />
        <Route path="/schedules" component={Schedules} />
        <Route path="/schedules/calendar" component={SchedulesCalendar} />
        <Route path="/schedules/:id" component={Schedule} />
        <Route path="/plans" component={Plans} />
        <Route path="/plans/:id/:tab?" matchFilters={{ tab: ['jobs'] }} component={Plan} />
        <Route path="/jobs" component={Jobs} />
        <Route path="/jobs/:id" component={Job} />
        <Route
          path="/system/:tab?"
          matchFilters={{ tab: ['queue', 'history', 'people', 'account'] }}
          component={System}
        />
        <Route component={Acting}>
          <Route path="/repositories/new" component={CreateRepository} />
          <Route path="/repositories/import" component={ImportRepository} />
          <Route path="/repositories/:id/backup" component={Backup} />
          <Route path="/schedules/new" component={CreateSchedule} />
          <Route path="/schedules/:id/edit" component={EditSchedule} />
          <Route path="/plans/new" component={CreatePlan} />
          <Route path="/plans/:id/edit" component={EditPlan} />
        </Route>
        <Route path="*" component={NotFound} />
      </Route>
    </Router>
  </Provider>
)
