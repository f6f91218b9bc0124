/** Where the data is: DATABASE_URL for an external server, else the embedded one in DATA_DIRECTORY or `.commonweal`. */
export const databaseOptions = (): { url?: string; directory?: string } => ({
  ...(process.env.DATABASE_URL ? { url: process.env.DATABASE_URL } : {}),
  ...(process.env.DATA_DIRECTORY ? { directory: process.env.DATA_DIRECTORY } : {}),
})
