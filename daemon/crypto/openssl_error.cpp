// openssl_error
