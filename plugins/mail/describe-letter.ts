import type { Letter } from '../../domain/letters.ts'

export interface Words {
  subject: string
  text: string
  html: string
}

/** What a letter says, to somebody who may have asked for nothing. */
export function describeLetter (letter: Letter, site: string): Words {
  const { subject, paragraphs } = wordsFor(letter, site)
  return {
    subject,
    text: paragraphs.join('\n\n') + '\n',
    html: paragraphs.map((paragraph) => `<p>${linked(escape(paragraph))}</p>`).join('\n') + '\n'
  }
}

function wordsFor (letter: Letter, site: string): { subject: string, paragraphs: string[] } {
  const account = `the account ${letter.username} on ${site}`
  switch (letter.kind) {
    case 'recovery': return {
      subject: `A new password for ${letter.username}`,
      paragraphs: [
        `Somebody, hopefully you, asked for a new password for ${account}. Set one here:`,
        letter.link,
        `The link works once, until ${readable(letter.expiresAt)}. The new password ends every session.`,
        'If it was not you, do nothing: nobody else has this link, and your password stays as it is.'
      ]
    }
    case 'verification': return {
      subject: `Is this the address of ${letter.username}?`,
      paragraphs: [
        `Somebody, hopefully you, gave this address to ${account}. If that is right, say so here:`,
        letter.link,
        `The link works until ${readable(letter.expiresAt)}. With it you can set a new password if you forget yours.`,
        'If it was not you, do nothing.'
      ]
    }
    case 'email_changed': return {
      subject: `Another address for ${letter.username}`,
      paragraphs: [
        `This is no longer the address of ${account}: somebody who was signed in changed or removed it.`,
        `If it was not you, somebody else is in your account. Sign in, set a new password, which ends every other session, and change the address back; if you cannot, tell whoever runs ${site}.`
      ]
    }
  }
}

function readable (timestamp: string): string {
  return timestamp.replace(/T(\d\d:\d\d).*/, ' $1 UTC')
}

function escape (text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** A paragraph that is a URL becomes a link to it. */
function linked (html: string): string {
  return /^https?:\/\/\S+$/.test(html) ? `<a href="${html}">${html}</a>` : html
}
