import { useRef, useState, type DragEvent } from 'react'

/** Files that are dragged over something, and dropped on it. */
export function useDrop (onFiles: (files: Iterable<File>) => void, isOn: boolean) {
  const depth = useRef(0)
  const [isOver, setOver] = useState(false)
  const hasFiles = (event: DragEvent) => isOn && event.dataTransfer.types.includes('Files')
  const end = () => {
    depth.current = 0
    setOver(false)
  }
  return {
    isOver,
    handlers: {
      onDragEnter (event: DragEvent) {
        if (!hasFiles(event)) return
        event.preventDefault()
        depth.current++
        setOver(true)
      },
      onDragOver (event: DragEvent) {
        if (hasFiles(event)) event.preventDefault()
      },
      onDragLeave (event: DragEvent) {
        if (hasFiles(event) && --depth.current <= 0) end()
      },
      onDrop (event: DragEvent) {
        if (!hasFiles(event)) return
        event.preventDefault()
        end()
        onFiles(event.dataTransfer.files)
      }
    }
  }
}
