// How long is a busy or absent host given another chance, and when? Exponential pauses with jitter, so that hundreds
// that were turned away together do not come back together. Arithmetic only.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace fairway::wmi {

class Patience {
public:
    using Pause = std::chrono::milliseconds;

    // The pause before the next try; empty: give up. `lot` is uniform in [0, 1); `elapsed` since the first try.
    std::optional<Pause> next(double lot, Pause elapsed) {
        if (++tries_ > most_tries || elapsed > longest) return std::nullopt;
        const auto whole = std::min(first * (1 << (tries_ - 1)), most);
        return Pause(static_cast<Pause::rep>(static_cast<double>(whole.count()) * (0.5 + lot)));
    }

private:
    static constexpr int most_tries = 4;
    static constexpr Pause first{250}, most{8000}, longest{20'000};
    int tries_ = 0;
};

}  // namespace fairway::wmi
