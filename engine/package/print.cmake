# Prints the pages of the manual and the completion scripts with the program, and installs them.
# fairway: the program; printed: a folder for what it prints; man, data, doc: where they go. The bill of materials goes with them.
function(print to)
  execute_process(COMMAND "${fairway}" ${ARGN} OUTPUT_FILE "${to}" COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE "${printed}")
file(MAKE_DIRECTORY "${printed}")
print("${printed}/said" manual --out "${printed}")
foreach(section 1 5)
  file(GLOB pages "${printed}/*.${section}")
  file(INSTALL ${pages} DESTINATION "${man}/man${section}")
endforeach()

print("${printed}/fairway" completion bash)
file(INSTALL "${printed}/fairway" DESTINATION "${data}/bash-completion/completions")
print("${printed}/_fairway" completion zsh)
file(INSTALL "${printed}/_fairway" DESTINATION "${data}/zsh/site-functions")
print("${printed}/fairway.fish" completion fish)
file(INSTALL "${printed}/fairway.fish" DESTINATION "${data}/fish/vendor_completions.d")
print("${printed}/fairway.ps1" completion powershell)
file(INSTALL "${printed}/fairway.ps1" DESTINATION "${data}/fairway")

set(sbom "${printed}/fairway.cdx.json")
include("${CMAKE_CURRENT_LIST_DIR}/sbom.cmake")
if(EXISTS "${sbom}")
  file(INSTALL "${sbom}" DESTINATION "${doc}")
endif()
