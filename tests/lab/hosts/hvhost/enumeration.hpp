// Enumerate, Pull and Release: batches cut by count and by envelope size, contexts that change each time.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "host.hpp"
#include "soap.hpp"

namespace lab {

class Enumerations {
public:
    // Each returns the content of the reply's s:Body, or throws Fault.
    [[nodiscard]] std::string enumerate(Host& host, const Request& request, bool hidden);
    [[nodiscard]] std::string pull(const Request& request);
    [[nodiscard]] std::string release(const Request& request);

private:
    struct Open {
        std::vector<std::string> items;  // rendered when the enumeration began
        std::size_t next = 0;
    };

    [[nodiscard]] Open take(const std::string& context);
    [[nodiscard]] std::string keep(Open open);

    std::mutex lock_;
    std::map<std::string, Open> open_;
};

}  // namespace lab
