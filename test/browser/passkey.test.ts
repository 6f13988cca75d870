import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { violationsOn } from '../support/axe.js'
import { newPage } from '../support/browser.js'
import { removeData, startPalier, type Palier } from '../support/palier.js'
import { Visitor } from './support/visitor.js'

describe('a passkey', function () {
  this.timeout(300_000)
  let palier: Palier

  before(async () => void (palier = await startPalier()))
  after(async () => {
    await palier?.stop()
    removeData()
  })

  /** A security key that is plugged into the browser of a page. */
  async function plugIn(page: Page): Promise<void> {
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
        ...{ hasUserVerification: true, isUserVerified: true },
      },
    } as never)
  }

  it('is added, asked for at the next sign-in, and gives recovery codes for another browser', async () => {
    const { page } = await Visitor.signIn(palier, 'trainer', 'en')
    await plugIn(page)
    await page.goto(`${palier.url}/me/security`)
    await page.fill('#field-name', 'Office computer')
    await page.click('text=Add a passkey')
    await page.waitForURL('**/me/security/codes')
    const codes = await page.locator('main code').allTextContents()
    expect(codes).to.have.length(10)
    await page.goto(`${palier.url}/me/security`)
    expect(await page.textContent('main')).to.include('Office computer')
    expect(await violationsOn(page)).to.deep.equal([])

    await page.context().clearCookies()
    await givePassword(page)
    expect(await violationsOn(page)).to.deep.equal([])
    await page.click('text=Use a passkey')
    await page.waitForSelector('body[data-controller=live]')
    await page.goto(`${palier.url}/me/security`)
    expect(await page.textContent('main')).to.include('last used')

    const elsewhere = await newPage()
    await givePassword(elsewhere)
    await elsewhere.fill('[name=code]', codes[3] ?? '')
    await elsewhere.press('[name=code]', 'Enter')
    await elsewhere.waitForSelector('body[data-controller=live]')
  })

  async function givePassword(page: Page): Promise<void> {
    await page.goto(`${palier.url}/sign-in`)
    await page.fill('[name=email]', 'trainer@demo.palier')
    await page.fill('[name=password]', 'palier-demo')
    await page.click('main form .button--primary')
    await page.waitForURL('**/sign-in/second-step')
  }
})
