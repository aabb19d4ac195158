// The one theme of the portal: ap2026, the palette of the Amelipro components.
import { apColorsTokens2026 } from '@/designTokens/tokens/amelipro/apColors2026.ts'
import { apContextualTokens } from '@/designTokens/tokens/amelipro/apContextual.ts'
import { apDarkTheme } from '@/designTokens/tokens/amelipro/apDarkTheme.ts'
import { apLightTheme2026 } from '@/designTokens/tokens/amelipro/apLightTheme2026.ts'
import { createFlattenTheme } from '@/designTokens/utils/createFlattenTheme.ts'

export const theme = {
  defaultTheme: 'ap2026',
  themes: {
    ap2026: {
      dark: false,
      colors: {
        ...apLightTheme2026,
        ...apDarkTheme,
        ...createFlattenTheme(apColorsTokens2026),
      } as Record<string, string>,
      variables: {
        'font-family': '"Arial", sans-serif',
        ...createFlattenTheme(apContextualTokens),
      },
    },
  },
}
