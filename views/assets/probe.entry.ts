/** Runs on the content host, framed by the settings page: that it runs at all is what it tells. */
const { pageOrigin } = JSON.parse(document.querySelector('#probe-data')?.textContent ?? '{}') as {
  pageOrigin: string
}
window.parent.postMessage('reached', pageOrigin)
