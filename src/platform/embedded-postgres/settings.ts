// How the embedded server is set: given on its command line at each start, so that they follow our version and not
// the day the data folder was made.

/** Settings by name. Durability is left at PostgreSQL's own strict defaults, said again so that nobody lifts them. */
export function serverSettings(socketFolder: string): Record<string, string> {
  return {
    // The package bundles an unsupported OpenSSL 1.1: without a TCP port, its TLS code is never reached.
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    port: '5432',
    cluster_name: 'consilium',
    max_connections: '60',
    shared_buffers: '128MB',
    jit: 'off',
    random_page_cost: '1.1',
    timezone: 'UTC',

    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_level: 'replica',
    max_wal_size: '1GB',

    // No value ever reaches the log: statements, parameters and details are left out, and so is the ERROR of a
    // session (level `log` stands above `error`), whose first line may quote a value. The caller gets that error.
    log_timezone: 'UTC',
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_statement: 'none',
    log_min_duration_statement: '-1',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] ',
  }
}

/** The same as arguments of `postgres`. */
export function asArguments(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
