# The Debian package: `cpack -G DEB` in the build folder. The same build and SOURCE_DATE_EPOCH give the same bytes.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME fairway)
set(CPACK_PACKAGE_CONTACT "Fairway maintainers <maintainers@fairway.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "bring Hyper-V hosts to one declared live-migration standard")
set(CPACK_PACKAGE_DESCRIPTION
"Fairway compares Hyper-V hosts and their computer accounts in Active
Directory with a policy, plans the changes that make them comply, applies a
reviewed plan, proves by trial moves that virtual machines can move, and
puts everything back if they cannot. It reaches hosts by WMI over
WS-Management and accounts by LDAP. It installs nothing on
them.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# A policy's window names time zones; kinit gets the tickets that it signs on with.
set(CPACK_DEBIAN_PACKAGE_DEPENDS tzdata)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "krb5-user, libsasl2-modules-gssapi-mit")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_SOURCE_DIR}/debian_files.cmake)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
include(CPack)
