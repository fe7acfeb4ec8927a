// What does a host answer to a SOAP text? Enumerate (of a class or by WQL), Get, Identify, a change of the migration
// setting's number of moves, and as much of the remote shell as pywinrm and Ansible need. What a Windows host would
// refuse is refused, and counted as a fault. Bodies are kept once they were made, since the stub's own time is not what
// is measured. Knows no HTTP.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "soap.hpp"

namespace fairway::stub {

struct Answer {
    unsigned status;
    std::string text;
    std::string what;  // for the tally: "Enumerate Win32_ComputerSystem"
};

class Answers {
public:
    Answer answer(std::size_t host, std::string_view soap);

private:
    struct Made {
        std::string body, what;
    };
    std::string modify(std::size_t host, const lab::Request& request);

    std::unordered_map<std::string, Made> made_;            // by host, what was set there, and question
    std::unordered_map<std::size_t, std::uint64_t> moves_;  // how many a host makes at once, where it was set
};

}  // namespace fairway::stub
