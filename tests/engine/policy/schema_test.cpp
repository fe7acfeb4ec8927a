// policies/*.schema.json are what the tables print. FAIRWAY_ACCEPT=1 writes them anew; such a run does not pass.
#include <doctest/doctest.h>

#include <cstdlib>

#include "engine/base/file.hpp"
#include "engine/base/json.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/policy/schema.hpp"

namespace fairway::schema_test {
namespace {

void hold(const std::string& name, const std::string& text) {
    const std::string path = std::string(FAIRWAY_SOURCE_DIR "/policies/") + name;
    const char* accept = std::getenv("FAIRWAY_ACCEPT");
    if (accept && std::string(accept) == "1") {
        REQUIRE(write_file_atomically(path, text));
        FAIL_CHECK("skipped: " << path << " was written anew; look at it, then run again without FAIRWAY_ACCEPT");
        return;
    }
    const auto golden = read_file(path, 1 << 20);
    REQUIRE(golden);
    CHECK_MESSAGE(*golden == text, path << " is not what the tables print: run with FAIRWAY_ACCEPT=1");
}

}  // namespace

TEST_CASE("the schemas beside the policies are the tables'") {
    hold("policy.schema.json", policy_schema());
    hold("inventory.schema.json", inventory_schema());
}

TEST_CASE("every setting that can be wanted is in the schema, with its doc, and no fact is") {
    const auto schema = parse_json(policy_schema());
    REQUIRE(schema);
    const Json& wants = schema->at("properties").at("rules").at("items").at("properties").at("want").at("properties");
    for (const Setting* setting : catalogue()) {
        CAPTURE(std::string(setting->name));
        const Json* property = find(wants, setting->name);
        CHECK((property != nullptr) == (setting->access == Access::managed));
        if (property) CHECK(property->at("description").get<std::string>().rfind(setting->doc, 0) == 0);
    }
}

}  // namespace fairway::schema_test
