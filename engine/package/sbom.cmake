# The bill of materials (SBOM) in the form of CycloneDX 1.4: Debian's packages of .ci/packages [build], and those of the libraries that
# the program runs with. No time and no random number: the same build on the same machine gives the same bytes.
# fairway: the program; sbom: the file to write. Without dpkg there is no list of packages, and no file.
find_program(dpkg_query dpkg-query)
if(NOT dpkg_query)
  message(STATUS "No dpkg-query, so no bill of materials")
  return()
endif()

file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/../../.ci/packages" lines REGEX "^[[a-z]")
foreach(line IN LISTS lines)
  if(line MATCHES "^\\[")
    set(section "${line}")
  elseif(section STREQUAL "[build]")
    string(REGEX MATCH "^[^ ]+" name "${line}")
    list(APPEND packages "${name}")
  endif()
endforeach()

execute_process(COMMAND "${fairway}" version --verbose --output json OUTPUT_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)
string(JSON version GET "${said}" version)
string(JSON last LENGTH "${said}" build loaded)
math(EXPR last "${last} - 1")
foreach(i RANGE ${last})
  string(JSON file GET "${said}" build loaded ${i})
  # Debian 12 has /lib as a link to /usr/lib, and its packages name either.
  string(REGEX REPLACE "^/usr/" "/" short "${file}")
  list(APPEND files "${file}" "${short}")
endforeach()
# It fails where one of the two names is not known, which is always so.
execute_process(COMMAND ${dpkg_query} -S ${files} OUTPUT_VARIABLE owners ERROR_QUIET)
string(REGEX MATCHALL "[^\n]+" owners "${owners}")
foreach(owner IN LISTS owners)
  string(REGEX MATCH "^[^:,]+" name "${owner}")
  list(APPEND packages "${name}")
endforeach()
list(REMOVE_DUPLICATES packages)

set(ENV{LC_ALL} C.UTF-8)
execute_process(COMMAND ${dpkg_query} -W -f "\${Package} \${Version} \${Architecture} \${source:Package} \${source:Version}\n" ${packages}
  OUTPUT_VARIABLE rows COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" rows "${rows}")
list(SORT rows)
foreach(row IN LISTS rows)
  string(REPLACE " " ";" row "${row}")
  list(POP_FRONT row package package_version architecture source source_version)
  set(purl "${package}@${package_version}")
  foreach(code "+=%2B" ":=%3A")
    string(REPLACE "=" ";" code "${code}")
    string(REPLACE ${code} purl "${purl}")
  endforeach()
  set(purl "pkg:deb/debian/${purl}?arch=${architecture}")
  # Tools built it and are not in it.
  if(package MATCHES "^lib|-dev$|^tzdata$")
    set(kind "\"library\", \"scope\": \"required\"")
    string(APPEND needs ",\n        \"${purl}\"")
  else()
    set(kind "\"application\", \"scope\": \"excluded\"")
  endif()
  string(APPEND components ",
    {\"type\": ${kind}, \"bom-ref\": \"${purl}\", \"name\": \"${package}\", \"version\": \"${package_version}\", \"purl\": \"${purl}\",
     \"properties\": [{\"name\": \"debian:source\", \"value\": \"${source} ${source_version}\"}]}")
endforeach()
string(SUBSTRING "${components}" 1 -1 components)
string(SUBSTRING "${needs}" 1 -1 needs)
file(WRITE "${sbom}" "{
  \"bomFormat\": \"CycloneDX\",
  \"specVersion\": \"1.4\",
  \"version\": 1,
  \"metadata\": {
    \"component\": {\"type\": \"application\", \"bom-ref\": \"fairway\", \"name\": \"fairway\", \"version\": \"${version}\",
      \"licenses\": [{\"license\": {\"id\": \"Apache-2.0\"}}]}
  },
  \"components\": [${components}
  ],
  \"dependencies\": [
    {\"ref\": \"fairway\", \"dependsOn\": [${needs}
      ]}
  ]
}
")
