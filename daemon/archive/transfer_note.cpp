// transfer_note
