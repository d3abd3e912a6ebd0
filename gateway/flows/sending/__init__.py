"""What leaves: notices, mails, messages and business answers, by tasks."""
