# Fetches the packages of the lock file into PACKAGES, those of the tests too when WITH_TESTS is on.
file(COPY ${SOURCE}/package.json ${SOURCE}/package-lock.json DESTINATION ${PACKAGES})
set(scope --omit=dev)
if(WITH_TESTS)
  set(scope --include=dev)
endif()
execute_process(
  COMMAND ${NPM} ci ${scope} --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error
  WORKING_DIRECTORY ${PACKAGES} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "The packages of the screens could not be fetched. The build needs npm's registry once "
    "(npm config get registry); afterwards, and at run time, no network is needed. npm said:\n${output}")
endif()
file(TOUCH ${PACKAGES}/fetched)
