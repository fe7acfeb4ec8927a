// What the worlds of one run of the laws came to show: every fact in every shape, every condition in every state, every
// premise and verdict. A law that never met a case says nothing about it, so whatever was never seen fails the laws.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/paths/end.hpp"
#include "engine/run/survey.hpp"

namespace fairway::laws {

class Census {
public:
    void snapshot(const Snapshot& snapshot);
    void paths(const std::vector<Mesh>& meshes);
    void findings(const std::vector<Finding>& findings);
    void survey(const Survey& seen);  // all of it, and the gates
    enum class Ground { holds, broken, unread };
    void premise(const Setting& fact, Ground ground) {
        see("premise", fact.name, ground_words[static_cast<int>(ground)]);
    }

    // What was never seen though it can be, and what was seen though the census says that it cannot be.
    std::vector<std::string> complaints() const;
    std::string text() const;  // one line, with what was met least often

private:
    static constexpr const char* ground_words[] = {"holds", "broken", "unread"};
    void see(std::string_view kind, std::string_view what, std::string_view shape);
    void address_families(const Setting& row, const Set& addresses);
    void reading(const Setting& row, const Reading& reading);

    // How often, by "fact host.cluster" and its shape.
    std::map<std::string, std::map<std::string, std::size_t, std::less<>>, std::less<>> seen_;
    std::map<const Setting*, std::string> first_words_;
};

}  // namespace fairway::laws
