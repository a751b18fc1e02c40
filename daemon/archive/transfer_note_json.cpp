// transfer_note_json
