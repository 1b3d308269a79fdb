import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import neostandard from 'neostandard'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['dist/**', '.data/**', '.tap/**', 'coverage/**'] },
  neostandard({ ts: true }),
  {
    rules: {
      'no-void': ['error', { allowAsStatement: true }]
    }
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['drizzle.config.ts'] }, tsconfigRootDir: dirname(fileURLToPath(import.meta.url)) }
    },
    rules: {
      // A schema and its type have one name; the compiler knows about real repetitions.
      '@typescript-eslint/no-redeclare': 'off',
      // A test is awaited by the test around it.
      '@typescript-eslint/no-floating-promises': ['error', {
        allowForKnownSafeCalls: ['tap', '@tapjs/core', '@tapjs/test'].map((name) => ({ from: 'package', name: ['test', 'rejects'], package: name }))
      }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      // What a factory makes are functions, whichever way an interface writes them.
      '@typescript-eslint/unbound-method': 'off',
      // Hooks and plugins of Fastify are async to say that they take no callback.
      '@typescript-eslint/require-await': 'off',
      // It does not see what changes while the loop awaits.
      'no-unmodified-loop-condition': 'off'
    }
  }
)
