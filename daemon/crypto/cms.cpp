// cms
