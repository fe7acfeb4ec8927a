// The names that live migration needs of a host: two services, each by two names.
#include "engine/names/service_names.hpp"

#include <doctest/doctest.h>

#include "tests/sample.hpp"

namespace fairway::service_names_test {

TEST_CASE("each service has a short and a full name, and no name stands twice") {
    const Host host = sample::inventory().hosts[0];
    CHECK(both_names(ServiceClass::cifs, host) == std::vector<std::string>{"cifs/HV01", "cifs/hv01.bay.example"});
    CHECK(both_names(ServiceClass::migration, host) ==
          std::vector<std::string>{"Microsoft Virtual System Migration Service/HV01",
                                   "Microsoft Virtual System Migration Service/hv01.bay.example"});
    CHECK(names_of({ServiceClass::cifs, ServiceClass::migration}, host).size() == 4);
    CHECK(names_of({ServiceClass::cifs, ServiceClass::cifs}, host) == Set({"cifs/HV01", "cifs/hv01.bay.example"}));
    CHECK(names_of({}, host).empty());
}

}  // namespace fairway::service_names_test
