// Applies the chosen theme before the first paint. A file of its own: the Content-Security-Policy allows no inline script.
const theme = localStorage.getItem('theme')
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
