// The paths of an estate on a page: a picture that the script draws, now and after each phase of a plan, and the same
// as a table of counts for those without it. What keeps a path from being open, the result says by a letter for each.
#pragma once

#include <string>
#include <vector>

#include "engine/base/json.hpp"
#include "engine/forms/page.hpp"

namespace fairway::forms {

class PathPictures {
public:
    explicit PathPictures(const Json& result);

    void tile(Page& to) const;  // how many are open, of a plan after each phase
    Tile closed_tile() const;   // by which conditions they are closed now
    void show(Page& to, const Json& result) const;
    // Of the changes in `equal_changes`, where a link to one leads: "#change-3".
    static std::string id_of_change(std::size_t place);
    Json data() const;  // what the script draws; null: the result has no letters

private:
    struct Domain {
        std::string name;
        std::vector<std::size_t> hosts;              // places in names_
        std::vector<std::vector<std::string>> rows;  // now, and after each phase
    };
    struct Count {
        std::size_t open = 0, closed = 0, unknown = 0;
        std::size_t all() const { return open + closed + unknown; }
    };
    static Count count(const Domain& domain, std::size_t when);
    void read(const Json& plan);
    const Json& letters() const;  // of the plan, or of an estate
    Part switches(std::size_t whens) const;
    void table_of_domains(Part& to) const;

    const Json& result_;
    std::vector<std::string> names_, conditions_, whens_;
    std::vector<Count> counts_;
    std::vector<Domain> domains_;
};

}  // namespace fairway::forms
