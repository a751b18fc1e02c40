// database_lock
