// Distinguished names as people write them, and what is refused.
#include "engine/model/directory_name.hpp"

#include <doctest/doctest.h>

namespace fairway::directory_name_test {

TEST_CASE("distinguished names become steps") {
    const auto name = parse_directory_name("CN=a\\, b\\20 , OU=x\\3dy,DC=Corp,dc=example");
    REQUIRE(name);
    CHECK(*name == DirectoryName{{"CN", "a, b "}, {"OU", "x=y"}, {"DC", "Corp"}, {"dc", "example"}});
    CHECK(domain_of(*name) == "corp.example");
    CHECK(domain_of(*parse_directory_name("OU=a")).empty());
    for (const std::string& text :
         {std::string(), std::string("corp.example"), std::string("OU="), std::string("OU= ,DC=a"), std::string("=a"),
          std::string("OU=a,"), std::string("OU=a,,DC=b"), std::string("OU=a+CN=b"), std::string("OU=\"a\""),
          std::string("OU=#04"), std::string("OU=a\\"), std::string("OU=a\\x"), std::string("O U=a"),
          std::string("1.2=a"), std::string("OU=a;DC=b"), std::string("OU=a\\00"), std::string("OU=a\nb"),
          std::string("OU=a\\ff"), "OU=" + std::string(2048, 'a')})
        CHECK_MESSAGE(!parse_directory_name(text).has_value(), text);
}

}  // namespace fairway::directory_name_test
