#ifndef LOOPDYNO_ADDRESS_H_
#define LOOPDYNO_ADDRESS_H_

#include <uv.h>

#include <string>

namespace loopdyno {

// An IP address and a port, v4 or v6, between libuv's form and text.
struct Address {
  // False when `host` is no IP address.
  static bool Parse(const std::string& host, int port, sockaddr_storage* into);

  static Address From(const sockaddr_storage& from);

  std::string host;
  int port = 0;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_ADDRESS_H_
