// issue_certificate
