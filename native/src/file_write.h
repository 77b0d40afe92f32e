#ifndef LOOPDYNO_FILE_WRITE_H_
#define LOOPDYNO_FILE_WRITE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "file_job.h"

namespace loopdyno {

// Writes a whole file, created or truncated, or appends to it. The bytes stay where they are, in
// memory that JS keeps until the record of the job.
class FileWrite final : public FileJob {
 public:
  FileWrite(PrivateLoop* loop, int32_t id, std::string path, char* data, size_t length,
            bool append);

 protected:
  Outcome Work(uv_file file) override;
  int flags() const override {
    return UV_FS_O_WRONLY | UV_FS_O_CREAT | (append_ ? UV_FS_O_APPEND : UV_FS_O_TRUNC);
  }
  void Done() override;

 private:
  char* data_;
  size_t length_;
  const bool append_;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_FILE_WRITE_H_
