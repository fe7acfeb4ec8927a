# What Debian's policy wants otherwise than GNU's: run by CPack on the folder that becomes the package.
set(root "${CPACK_TEMPORARY_DIRECTORY}/usr")
set(doc "${root}/share/doc/fairway")

function(compress)
  execute_process(COMMAND gzip -9nf ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(GLOB pages "${root}/share/man/man*/*.[15]")
compress(${pages})
file(RENAME "${root}/share/zsh/site-functions" "${root}/share/zsh/vendor-completions")

# The day of the version is that of its manual.
file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/../cli/man/fairway.1" title REGEX "^\\.TH ")
string(REGEX MATCH "[0-9]+-[0-9]+-[0-9]+" day "${title}")
set(ENV{LC_ALL} C.UTF-8)
execute_process(COMMAND date -u -R -d "${day}" OUTPUT_VARIABLE day OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
file(WRITE "${doc}/changelog.Debian" "fairway (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) bookworm; urgency=medium

  * Version ${CPACK_PACKAGE_VERSION}; changelog.gz has what changed.

 -- ${CPACK_PACKAGE_CONTACT}  ${day}
")
file(RENAME "${doc}/CHANGELOG.md" "${doc}/changelog")
compress("${doc}/changelog" "${doc}/changelog.Debian")
file(REMOVE "${doc}/LICENSE")
file(WRITE "${doc}/copyright" "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: fairway

Files: *
Copyright: 2026 the Fairway contributors
License: Apache-2.0
 On Debian systems the full text of the Apache License 2.0 is in
 /usr/share/common-licenses/Apache-2.0.
")
file(WRITE "${root}/share/lintian/overrides/fairway" "# No upload to Debian: there is no bug of Debian's that it closes.
fairway: initial-upload-closes-no-bugs *
")

# Modes that do not depend on the umask of who checked the sources out, or builds.
execute_process(COMMAND chmod -R u=rwX,go=rX "${root}" COMMAND_ERROR_IS_FATAL ANY)
