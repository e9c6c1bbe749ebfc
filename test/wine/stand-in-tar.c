/*
 * Stands in for the tar.exe of Windows, which Wine lacks: Linux unpacks, by the script `untar`, whose place there MUSTER_UNTAR says;
 * it leaves word when it is done.
 */
#define _WIN32_WINNT 0x0A00
#include <windows.h>
#include <wchar.h>

typedef char *(*ToLinux)(const WCHAR *path);

static void onLinux(const WCHAR *path, WCHAR *to) {
  ToLinux convert = (ToLinux)(void *)GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "wine_get_unix_file_name");
  char *name = convert(path);
  MultiByteToWideChar(CP_UTF8, 0, name, -1, to, MAX_PATH);
}

int wmain(int count, WCHAR **arguments) {
  static WCHAR script[MAX_PATH], archive[MAX_PATH], folder[MAX_PATH], line[2048], done[MAX_PATH];
  if (count != 5 || lstrcmpW(arguments[1], L"-xzf") != 0 || lstrcmpW(arguments[3], L"-C") != 0) return 64;
  if (GetEnvironmentVariableW(L"MUSTER_UNTAR", script, MAX_PATH) == 0) return 65;
  onLinux(arguments[2], archive);
  onLinux(arguments[4], folder);
  swprintf(done, MAX_PATH, L"%ls.done", arguments[4]);
  swprintf(line, 2048, L"start.exe /unix %ls \"%ls\" \"%ls\"", script, archive, folder);
  STARTUPINFOW startup = { .cb = sizeof startup };
  PROCESS_INFORMATION process;
  if (!CreateProcessW(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process)) return 66;
  for (int tries = 0; tries < 1200; tries += 1) {
    HANDLE file = CreateFileW(done, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file != INVALID_HANDLE_VALUE) {
      char code[4] = "9";
      DWORD size;
      ReadFile(file, code, 1, &size, NULL);
      CloseHandle(file);
      DeleteFileW(done);
      return code[0] - '0';
    }
    Sleep(50);
  }
  return 67;
}
