declare const __VERSION__: string
declare const __SHELL__: string[]
declare const __SHELL_ID__: string
