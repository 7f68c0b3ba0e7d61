import type { Locale } from '../../domain/order/order.ts';

/** The language that was chosen (`?lang=`), else the one that the browser likes best; English when it knows neither. */
export function pageLanguage(chosen: string | undefined, acceptLanguage: string | undefined): Locale {
  if (chosen === 'de' || chosen === 'en') return chosen;
  const ranked = (acceptLanguage ?? '')
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.trim().toLowerCase().split(';');
      const quality = parameters.map((one) => /^\s*q=([\d.]+)$/.exec(one)?.[1]).find((value) => value !== undefined);
      return { language: tag.split('-')[0] ?? '', quality: Number(quality ?? 1) };
    })
    .filter(({ language, quality }) => (language === 'de' || language === 'en') && quality > 0)
    .sort((one, other) => other.quality - one.quality);
  return ranked[0]?.language === 'de' ? 'de' : 'en';
}
