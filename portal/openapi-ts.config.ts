import { defineConfig } from '@hey-api/openapi-ts'

// Types and calls come from the API's own description, so that nothing of it is written twice.
export default defineConfig({
  input: '../infra/openapi/openapi.json',
  output: { path: 'src/api/generated', clean: true },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
})
