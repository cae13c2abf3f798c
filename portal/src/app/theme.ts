// Our own colours, corners and letters over Cloudscape's. Each colour pair keeps 4.5:1 in both modes; axe looks at it.
import { generateThemeStylesheet } from '@cloudscape-design/components/theming'
import type { Theme } from '@cloudscape-design/components/theming'

const brand = { light: '#0b5c63', dark: '#6fd0cf' }
const deep = { light: '#08464c', dark: '#9be3e0' }
const soft = { light: '#e6f2f1', dark: '#143438' }
const paper = { light: '#ffffff', dark: '#16201f' }
const ground = { light: '#f5f3ee', dark: '#0f1716' }
const hairline = { light: '#dcd8ce', dark: '#334341' }
const onBrand = { light: '#ffffff', dark: '#0b2426' }
const ink = { light: '#1c2624', dark: '#e4ebe9' }
const grey = { light: '#566360', dark: '#a3b1ae' }

const theme: Theme = {
  tokens: {
    fontFamilyBase: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
    fontFamilyHeading: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
    fontFamilyDisplay: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
    fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace',

    borderRadiusButton: '8px',
    borderRadiusInput: '8px',
    borderRadiusContainer: '10px',
    borderRadiusAlert: '10px',
    borderRadiusFlashbar: '10px',
    borderRadiusDropdown: '10px',
    borderRadiusBadge: '6px',

    colorBackgroundLayoutMain: ground,
    colorBackgroundLayoutPanel: paper,
    colorBackgroundContainerContent: paper,
    colorBackgroundContainerHeader: paper,
    colorBorderDividerDefault: hairline,
    colorBorderDividerSecondary: hairline,
    colorBorderLayout: hairline,
    colorBackgroundInputDefault: paper,

    colorTextBodyDefault: ink,
    colorTextHeadingDefault: ink,
    colorTextBodySecondary: grey,
    colorTextFormSecondary: grey,
    colorTextEmpty: grey,

    colorBackgroundButtonPrimaryDefault: brand,
    colorBackgroundButtonPrimaryHover: deep,
    colorBackgroundButtonPrimaryActive: deep,
    colorBorderButtonPrimaryDefault: brand,
    colorBorderButtonPrimaryHover: deep,
    colorBorderButtonPrimaryActive: deep,
    colorTextButtonPrimaryDefault: onBrand,
    colorTextButtonPrimaryHover: onBrand,
    colorTextButtonPrimaryActive: onBrand,
    colorBorderButtonNormalDefault: brand,
    colorBorderButtonNormalHover: deep,
    colorBorderButtonNormalActive: deep,
    colorTextButtonNormalDefault: brand,
    colorTextButtonNormalHover: deep,
    colorTextButtonNormalActive: deep,
    colorBackgroundButtonNormalHover: soft,
    colorBackgroundButtonNormalActive: soft,
    colorTextButtonLinkDefault: brand,
    colorTextButtonLinkHover: deep,
    colorTextButtonLinkActive: deep,
    colorBackgroundButtonLinkHover: soft,
    colorBackgroundButtonLinkActive: soft,

    colorTextLinkDefault: brand,
    colorTextLinkHover: deep,
    colorTextLinkSecondaryDefault: brand,
    colorTextLinkSecondaryHover: deep,
    colorTextLinkInfoDefault: brand,
    colorTextLinkInfoHover: deep,
    colorTextAccent: brand,
    colorTextInteractiveHover: deep,
    colorTextInteractiveActive: deep,
    colorTextSideNavigationItemActive: brand,
    colorBackgroundControlChecked: brand,
    colorForegroundControlDefault: onBrand,
    colorItemSelected: brand,
    colorBackgroundItemSelected: soft,
    colorBorderItemSelected: brand,
    colorBorderItemFocused: brand,
    colorBorderInputFocused: brand,
    colorBackgroundDropdownItemSelected: soft,
    colorBackgroundSegmentActive: brand,
    colorTextSegmentActive: onBrand,
    colorTextSegmentHover: brand,
    colorBackgroundProgressBarValueDefault: brand,
    colorBackgroundLayoutToggleSelectedDefault: brand,
    colorBackgroundLayoutToggleSelectedHover: deep,
    colorBackgroundLayoutToggleSelectedActive: deep,
    colorTextDropdownItemFilterMatch: brand,
    colorBackgroundDropdownItemFilterMatch: soft,
    colorBackgroundToggleButtonNormalPressed: soft,
  },
  contexts: {
    'app-layout-toolbar': { tokens: { colorBackgroundLayoutMain: ground } },
    alert: { tokens: { colorTextLinkDefault: brand, colorTextLinkHover: deep, colorTextLinkSecondaryDefault: brand, colorTextLinkSecondaryHover: deep } },
  },
}

/** The theme as a style sheet, made at build time: the content security policy lets no script write styles into a page. */
export default generateThemeStylesheet({ theme })
