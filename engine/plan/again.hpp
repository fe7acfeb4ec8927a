// What became of each change of a reviewed plan in a fresh one that was made of the same inputs? Only what differs
// needs a second review. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/model/plan.hpp"

namespace fairway {

enum class Became {
    same,   // the same is written at the same address, as dangerous, and resting on the same
    gone,   // the fresh plan does not have it
    fresh,  // the reviewed plan did not have it; its name is "new"
    other,  // another value, another risk, or it rests on something else
};
std::string_view name(Became became);

struct Revised {
    Became became{};
    PhaseKind phase{};
    const Change* then = nullptr;  // of the reviewed plan; null: it is new
    const Change* now = nullptr;   // of the fresh plan; null: it is gone
    std::string because = {};      // of `gone` and `other`: a clause
    bool other_wave = false;       // it is made in another wave than it was

    const Address& address() const { return (now ? now : then)->address; }
};

// Each change of the fresh plan in its order, then those that are gone in the order of the reviewed one. Points into
// both plans.
std::vector<Revised> revised(const Plan& reviewed, const Plan& fresh);

// Hosts of which every change is the same, in order of their names; and how many have any change.
struct Unchanged {
    std::vector<std::string> hosts;
    std::size_t of = 0;
};
Unchanged unchanged(const std::vector<Revised>& changes);

}  // namespace fairway
