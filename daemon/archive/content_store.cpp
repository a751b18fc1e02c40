// content_store
