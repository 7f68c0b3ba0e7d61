import type { Locale } from '../../domain/order/order.ts';
import type { FormProblems, WithdrawalField } from './withdrawal-form.ts';

type FieldProblem = NonNullable<FormProblems[WithdrawalField]>;

interface PageWords {
  readonly language: string;
  readonly otherLanguage: string;
  readonly steps: readonly [first: string, second: string];
  /** The names of the function and of its confirmation that the law asks for (Directive 2011/83/EU art. 11a). */
  readonly title: string;
  readonly confirm: string;
  readonly introduction: string;
  readonly requiredHint: string;
  readonly fields: Readonly<Record<WithdrawalField, { readonly label: string; readonly hint: string }>>;
  readonly problemsTitle: string;
  readonly problems: Readonly<Record<FieldProblem, (label: string) => string>>;
  readonly checkTitle: string;
  readonly checkText: string;
  readonly statement: string;
  readonly statementLabel: string;
  readonly change: string;
  readonly doneTitle: string;
  readonly doneText: string;
  readonly receivedLabel: string;
  readonly referenceLabel: string;
  readonly keepText: string;
  readonly mailText: string;
  readonly expired: string;
  readonly troubleTitle: string;
  readonly tooMany: string;
  readonly trouble: string;
  readonly fromElsewhere: string;
  readonly again: string;
}

/** Every word of the page. Nothing in it depends on whether there is such an order. */
export const pageWords: Readonly<Record<Locale, PageWords>> = {
  en: {
    language: 'English',
    otherLanguage: 'Deutsch',
    steps: ['Step 1 of 2', 'Step 2 of 2'],
    title: 'Withdraw from contract here',
    confirm: 'Confirm withdrawal',
    introduction:
      'Here you can withdraw from a contract with us without giving a reason. You need the number of your order and the e-mail address that you ordered with. No account is needed.',
    requiredHint: 'All fields are required.',
    fields: {
      name: { label: 'Your name', hint: 'As you gave it with the order.' },
      orderNumber: {
        label: 'Order number',
        hint: 'It is in the subject of our mails, for example 7F3K-92QX-M4TN-8WRB.',
      },
      email: { label: 'E-mail address', hint: 'The one that you ordered with. We send the acknowledgement there.' },
    },
    problemsTitle: 'Please correct the following:',
    problems: {
      missing: (label) => `${label}: please fill this in.`,
      invalid: (label) => `${label}: this cannot be read. Please check it.`,
      card: (label) => `${label}: this looks like a card number. Never enter card data here.`,
    },
    checkTitle: 'Check and confirm',
    checkText: 'This is the statement that you are about to make. It takes effect when you confirm it.',
    statement: 'I withdraw from the contract about the order named here.',
    statementLabel: 'Statement',
    change: 'Change the details',
    doneTitle: 'Your withdrawal has been received',
    doneText: 'You have made this statement:',
    receivedLabel: 'Received',
    referenceLabel: 'Reference',
    keepText: 'You may save or print this page for your records.',
    mailText:
      'If order number and e-mail address belong together, the acknowledgement is on its way to the e-mail address of the order. If it does not arrive within an hour, check both and make the statement again, or answer any of our mails: the moment above counts.',
    expired:
      'Too much time has passed since you filled in the form, so nothing was sent. Please check the details and go on.',
    troubleTitle: 'That did not work',
    tooMany: 'There were too many attempts from your connection. Please wait a minute and try again.',
    trouble:
      'Something went wrong on our side and your statement may not have been received. Please try again in a few minutes.',
    fromElsewhere: 'This form can only be sent from this page. Please fill it in here.',
    again: 'Back to the form',
  },
  de: {
    language: 'Deutsch',
    otherLanguage: 'English',
    steps: ['Schritt 1 von 2', 'Schritt 2 von 2'],
    title: 'Vertrag widerrufen',
    confirm: 'Widerruf bestätigen',
    introduction:
      'Hier können Sie einen Vertrag mit uns ohne Angabe von Gründen widerrufen. Sie brauchen die Nummer Ihrer Bestellung und die E-Mail-Adresse, mit der Sie bestellt haben. Ein Konto ist nicht nötig.',
    requiredHint: 'Alle Felder sind Pflichtfelder.',
    fields: {
      name: { label: 'Ihr Name', hint: 'Wie Sie ihn bei der Bestellung angegeben haben.' },
      orderNumber: {
        label: 'Bestellnummer',
        hint: 'Sie steht im Betreff unserer E-Mails, zum Beispiel 7F3K-92QX-M4TN-8WRB.',
      },
      email: {
        label: 'E-Mail-Adresse',
        hint: 'Die, mit der Sie bestellt haben. Dorthin senden wir die Eingangsbestätigung.',
      },
    },
    problemsTitle: 'Bitte korrigieren Sie Folgendes:',
    problems: {
      missing: (label) => `${label}: Bitte füllen Sie dieses Feld aus.`,
      invalid: (label) => `${label}: Das ist nicht lesbar. Bitte prüfen Sie die Eingabe.`,
      card: (label) => `${label}: Das sieht nach einer Kartennummer aus. Geben Sie hier nie Kartendaten ein.`,
    },
    checkTitle: 'Prüfen und bestätigen',
    checkText: 'Diese Erklärung geben Sie ab. Sie wird wirksam, wenn Sie sie bestätigen.',
    statement: 'Ich widerrufe den Vertrag über die hier genannte Bestellung.',
    statementLabel: 'Erklärung',
    change: 'Angaben ändern',
    doneTitle: 'Ihr Widerruf ist eingegangen',
    doneText: 'Sie haben diese Erklärung abgegeben:',
    receivedLabel: 'Eingegangen',
    referenceLabel: 'Kennzeichen',
    keepText: 'Sie können diese Seite für Ihre Unterlagen speichern oder drucken.',
    mailText:
      'Wenn Bestellnummer und E-Mail-Adresse zusammengehören, ist die Eingangsbestätigung unterwegs an die E-Mail-Adresse der Bestellung. Kommt sie nicht innerhalb einer Stunde an, prüfen Sie bitte beides und geben die Erklärung noch einmal ab, oder antworten Sie auf eine unserer E-Mails: Es zählt der oben genannte Zeitpunkt.',
    expired:
      'Seit dem Ausfüllen ist zu viel Zeit vergangen, daher wurde nichts abgesendet. Bitte prüfen Sie die Angaben und fahren Sie fort.',
    troubleTitle: 'Das hat nicht geklappt',
    tooMany:
      'Von Ihrem Anschluss kamen zu viele Versuche. Bitte warten Sie eine Minute und versuchen Sie es noch einmal.',
    trouble:
      'Bei uns ist etwas schiefgegangen, und Ihre Erklärung ist vielleicht nicht eingegangen. Bitte versuchen Sie es in einigen Minuten noch einmal.',
    fromElsewhere: 'Dieses Formular kann nur von dieser Seite aus gesendet werden. Bitte füllen Sie es hier aus.',
    again: 'Zurück zum Formular',
  },
};
