/** Whether this browser can run Python as it is built for the web. */

// A module that declares an exception and nothing else.
const EXCEPTIONS = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 13, 3, 1, 0, 0];

export function canRunPython(): boolean {
  return (
    typeof WebAssembly === "object" &&
    WebAssembly.validate(new Uint8Array(EXCEPTIONS)) &&
    hasModuleWorkers()
  );
}

/** A browser that knows module workers asks for the type of a new one; others never look. */
function hasModuleWorkers(): boolean {
  let asked = false;
  const options: WorkerOptions = {
    get type(): WorkerType {
      asked = true;
      return "module";
    },
  };
  try {
    new Worker("blob:", options).terminate();
  } catch {
    // Whether the address is refused says nothing.
  }
  return asked;
}
