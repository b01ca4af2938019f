import { render } from 'solid-js/web'
import { App } from './app.tsx'
import './style.css'

const root = document.getElementById('app')
if (!root) throw new Error('The page has no #app.')
render(() => <App />, root)
