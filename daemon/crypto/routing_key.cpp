// routing_key
